/**
 * The 39 additional taxes (Formato e-CF V1.0, Oct 2025, Tabla I): code, how it is computed
 * (rules/additional-taxes.ts), rate, name. The rate is a percentage for `other` and `…AdValorem`;
 * DOP per litre of absolute alcohol for `alcoholSpecific`; DOP per pack for `cigaretteSpecific`.
 * Specific rates are indexed every quarter: what a caller states wins over this table.
 */
export const ADDITIONAL_TAXES = `
001 other                  10 Propina Legal
002 other                   2 Contribución al Desarrollo de las Telecomunicaciones (Ley 153-98)
003 other                  16 Servicios de seguros en general
004 other                  10 Servicios de telecomunicaciones
005 other                  17 Primer registro de vehículos (primera placa)
006 alcoholSpecific    632.58 Cerveza
007 alcoholSpecific    632.58 Vinos de uva
008 alcoholSpecific    632.58 Vermut y demás vinos de uvas frescas
009 alcoholSpecific    632.58 Demás bebidas fermentadas
010 alcoholSpecific    632.58 Alcohol etílico sin desnaturalizar (≥ 80%)
011 alcoholSpecific    632.58 Alcohol etílico sin desnaturalizar (< 80%)
012 alcoholSpecific    632.58 Aguardientes de uva
013 alcoholSpecific    632.58 Whisky
014 alcoholSpecific    632.58 Ron y demás aguardientes de caña
015 alcoholSpecific    632.58 Gin y ginebra
016 alcoholSpecific    632.58 Vodka
017 alcoholSpecific    632.58 Licores
018 alcoholSpecific    632.58 Los demás (bebidas y alcoholes)
019 cigaretteSpecific   53.51 Cigarrillos que contengan tabaco, cajetilla de 20 unidades
020 cigaretteSpecific   53.51 Los demás cigarrillos que contengan 20 unidades
021 cigaretteSpecific   26.75 Cigarrillos que contengan 10 unidades
022 cigaretteSpecific   26.75 Los demás cigarrillos que contengan 10 unidades
023 alcoholAdValorem       10 Cerveza
024 alcoholAdValorem       10 Vinos de uva
025 alcoholAdValorem       10 Vermut y demás vinos de uvas frescas
026 alcoholAdValorem       10 Demás bebidas fermentadas
027 alcoholAdValorem       10 Alcohol etílico sin desnaturalizar (≥ 80%)
028 alcoholAdValorem       10 Alcohol etílico sin desnaturalizar (< 80%)
029 alcoholAdValorem       10 Aguardientes de uva
030 alcoholAdValorem       10 Whisky
031 alcoholAdValorem       10 Ron y demás aguardientes de caña
032 alcoholAdValorem       10 Gin y ginebra
033 alcoholAdValorem       10 Vodka
034 alcoholAdValorem       10 Licores
035 alcoholAdValorem       10 Los demás (bebidas y alcoholes)
036 cigaretteAdValorem     20 Cigarrillos que contengan tabaco, cajetilla de 20 unidades
037 cigaretteAdValorem     20 Los demás cigarrillos que contengan 20 unidades
038 cigaretteAdValorem     20 Cigarrillos que contengan 10 unidades
039 cigaretteAdValorem     20 Los demás cigarrillos que contengan 10 unidades
`;
