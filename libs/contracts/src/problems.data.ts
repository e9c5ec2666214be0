/** How one stable problem code is answered (RFC 9457). Texts are Spanish; `{name}` is filled from params. */
export interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Default for the `Retry-After` header, seconds. */
  readonly retryAfterS?: number;
}

/**
 * Every code the platform answers with. Codes are documented, never reused and never removed.
 * Source of codes and statuses: the product's security requirements, section "Answers".
 */
export const PROBLEMS = {
  'request.malformed_json': {
    status: 400,
    title: 'JSON mal formado',
    detail: 'El cuerpo no es JSON válido: {reason}. Corrija la sintaxis y reenvíe.',
  },
  'request.multipart': {
    status: 400,
    title: 'Formulario mal formado',
    detail: 'El cuerpo multipart no se pudo leer: {reason}.',
  },
  'request.invalid': {
    status: 400,
    title: 'Solicitud HTTP inválida',
    detail: 'La solicitud no cumple HTTP: {reason}.',
  },
  'request.unsupported_media_type': {
    status: 415,
    title: 'Tipo de contenido no admitido',
    detail: 'Esta ruta espera {expected}. Ajuste el encabezado Content-Type.',
  },
  'request.too_large': {
    status: 413,
    title: 'Solicitud demasiado grande',
    detail: 'El cuerpo supera el límite de {limit}. Divida el envío.',
  },
  'request.timeout': {
    status: 408,
    title: 'Tiempo agotado',
    detail: 'La solicitud no llegó completa a tiempo. Reenvíela con la misma Idempotency-Key.',
  },
  'headers.too_large': {
    status: 431,
    title: 'Encabezados demasiado grandes',
    detail: 'Los encabezados superan 16 kB.',
  },
  'validation.failed': {
    status: 400,
    title: 'Datos inválidos',
    detail: 'Hay campos que no cumplen el formato; vea «errors».',
  },
  'cursor.invalid': {
    status: 400,
    title: 'Cursor inválido',
    detail: 'El cursor no es de esta consulta. Comience sin cursor.',
  },
  'tenant.required': {
    status: 400,
    title: 'Falta la empresa',
    detail: 'Indique la empresa en X-Tenant-ID.',
  },
  'idempotency.key_required': {
    status: 400,
    title: 'Falta Idempotency-Key',
    detail:
      'Envíe el encabezado Idempotency-Key (1 a 255 caracteres imprimibles), único por documento: así un reintento nunca duplica.',
  },
  'xml.dtd_forbidden': {
    status: 400,
    title: 'DTD prohibido',
    detail: 'El XML trae una declaración DOCTYPE. Envíelo sin ella.',
  },
  'xml.pi_forbidden': {
    status: 400,
    title: 'Instrucción de proceso prohibida',
    detail: 'El XML trae instrucciones de proceso. Envíelo sin ellas.',
  },
  'xml.encoding': {
    status: 400,
    title: 'Codificación inválida',
    detail: 'El XML debe ser UTF-8 sin BOM.',
  },
  'xml.malformed': {
    status: 400,
    title: 'XML mal formado',
    detail: 'El XML no se pudo leer: {reason}.',
  },
  'xml.too_complex': {
    status: 400,
    title: 'XML demasiado complejo',
    detail: 'El XML supera los límites de tamaño o anidamiento.',
  },
  'signature.structure': {
    status: 400,
    title: 'Estructura de firma inválida',
    detail: 'La firma no tiene la forma exigida: {reason}.',
  },
  'auth.token_missing': {
    status: 401,
    title: 'Falta la credencial',
    detail: 'Envíe Authorization: Bearer con su API key o token.',
  },
  'auth.invalid_credentials': {
    status: 401,
    title: 'Credenciales inválidas',
    detail: 'El usuario o la contraseña no son correctos.',
  },
  'auth.token_invalid': {
    status: 401,
    title: 'Credencial inválida',
    detail: 'La API key o el token no es válido o fue revocado.',
  },
  'auth.token_expired': {
    status: 401,
    title: 'Credencial vencida',
    detail: 'La API key o el token venció. Solicite uno nuevo.',
  },
  'auth.mfa_required': {
    status: 401,
    title: 'Falta el segundo factor',
    detail: 'Confirme el acceso con el código de su aplicación de autenticación.',
  },
  'auth.mfa_invalid': {
    status: 401,
    title: 'Código incorrecto',
    detail: 'El código no es correcto. Espere el siguiente y pruebe otra vez.',
  },
  'auth.mfa_replayed': {
    status: 401,
    title: 'Código ya usado',
    detail: 'Cada código sirve una sola vez. Espere el siguiente.',
  },
  'auth.mfa_challenge_expired': {
    status: 401,
    title: 'Confirmación vencida',
    detail: 'El plazo o los intentos para confirmar el acceso se agotaron. Inicie sesión de nuevo.',
  },
  'auth.refresh_reused': {
    status: 401,
    title: 'Sesión cerrada por seguridad',
    detail:
      'El token de renovación ya se había usado, así que la sesión se cerró. Inicie sesión de nuevo; si no fue usted, cambie su contraseña.',
  },
  'auth.forbidden': {
    status: 403,
    title: 'Sin permiso',
    detail: 'La credencial no tiene el permiso {permission}.',
  },
  'csrf.failed': {
    status: 403,
    title: 'Solicitud no verificada',
    detail: 'Envíe en X-CSRF-Token el valor de la cookie getupnet-csrf.',
  },
  'tenant.mismatch': {
    status: 403,
    title: 'Empresa distinta',
    detail: 'X-Tenant-ID no corresponde a la credencial usada.',
  },
  'tenant.suspended': {
    status: 403,
    title: 'Empresa suspendida',
    detail: 'La empresa está suspendida. Contacte al operador de la plataforma.',
  },
  'env.forbidden': {
    status: 403,
    title: 'Ambiente no permitido',
    detail: 'La empresa no está habilitada para el ambiente {environment}.',
  },
  'cors.origin_denied': {
    status: 403,
    title: 'Origen no permitido',
    detail: 'El origen no está en la lista autorizada.',
  },
  'resource.not_found': {
    status: 404,
    title: 'No encontrado',
    detail: 'No existe el recurso solicitado.',
  },
  'method.not_allowed': {
    status: 405,
    title: 'Método no permitido',
    detail: 'Esta ruta admite: {allow}.',
  },
  'idempotency.in_progress': {
    status: 409,
    title: 'Solicitud en curso',
    detail:
      'La primera solicitud con esta Idempotency-Key aún se está registrando. Repita en un momento.',
    retryAfterS: 1,
  },
  'company.exists': {
    status: 409,
    title: 'Empresa ya registrada',
    detail: 'Ya hay una empresa con el RNC {rnc}.',
  },
  'document.duplicate_reference': {
    status: 409,
    title: 'Referencia externa repetida',
    detail: 'externalRef «{externalRef}» ya pertenece a otro documento de este ambiente.',
  },
  'document.state': {
    status: 409,
    title: 'Estado no permite la acción',
    detail: 'El documento está en estado {state}; esta acción no procede.',
  },
  'contingency.open': {
    status: 409,
    title: 'Ya hay una contingencia abierta',
    detail: 'La contingencia {id} sigue abierta. Ciérrela antes de abrir otra.',
  },
  'contingency.state': {
    status: 409,
    title: 'La contingencia no permite la acción',
    detail: 'No procede: {reason}.',
  },
  'user.already_member': {
    status: 409,
    title: 'Ya es usuario',
    detail: 'Esa persona ya es usuaria. Cambie su rol en vez de invitarla.',
  },
  'user.last_admin': {
    status: 409,
    title: 'Último administrador',
    detail: 'Siempre queda un administrador activo. Nombre otro antes de este cambio.',
  },
  'role.name_taken': {
    status: 409,
    title: 'Nombre de rol repetido',
    detail: 'Ya hay un rol «{name}». Elija otro nombre.',
  },
  'role.in_use': {
    status: 409,
    title: 'Rol en uso',
    detail: 'Hay usuarios o invitaciones con este rol. Deles otro antes de borrarlo.',
  },
  'role.too_many': {
    status: 409,
    title: 'Demasiados roles',
    detail: 'Una empresa puede tener {limit} roles propios. Borre uno que no use.',
  },
  'key.state': {
    status: 409,
    title: 'Clave ya no vigente',
    detail: 'La API key está vencida, revocada o ya fue rotada; esta acción no procede.',
  },
  'sequence.exhausted': {
    status: 409,
    title: 'Secuencia agotada',
    detail:
      'No quedan e-NCF autorizados del tipo {tipo} en {environment}. Registre un nuevo rango en /tenant/sequences.',
  },
  'sequence.expired': {
    status: 409,
    title: 'Secuencia vencida',
    detail:
      'Los rangos de e-NCF del tipo {tipo} vencieron el {expiresOn}. Registre un rango vigente.',
  },
  'sequence.used': {
    status: 409,
    title: 'e-NCF ya usado',
    detail: 'El e-NCF {encf} ya está asignado a otro documento.',
  },
  'sequence.voided': {
    status: 409,
    title: 'e-NCF anulado',
    detail:
      'El e-NCF {encf} se anuló y no vuelve a usarse. Emita el documento sin «corrects»: toma otro número.',
  },
  'cert.missing': {
    status: 409,
    title: 'Falta el certificado',
    detail: 'La empresa no tiene un certificado digital activo. Cárguelo antes de emitir.',
  },
  'cert.expired': {
    status: 409,
    title: 'Certificado vencido',
    detail:
      'El certificado digital no está vigente (válido {notBefore} a {notAfter}). Cargue uno vigente.',
  },
  'sign.digest_conflict': {
    status: 409,
    title: 'Documento ya firmado con otro contenido',
    detail:
      'Este documento ya tiene una firma sobre otros bytes; un número solo puede tener un contenido.',
  },
  'sign.kind_mismatch': {
    status: 409,
    title: 'Documento distinto del indicado',
    detail: 'Lo que se pidió firmar no es un documento «{kind}» de la empresa.',
  },
  'idempotency.key_reused': {
    status: 422,
    title: 'Idempotency-Key reutilizada',
    detail:
      'Esta Idempotency-Key ya se usó con otro contenido, o en otro ambiente. Use una clave nueva para un documento distinto.',
  },
  'ecf.schema_invalid': {
    status: 422,
    title: 'Formato e-CF inválido',
    detail: 'El documento no cumple el formato e-CF; vea «errors».',
  },
  'ecf.totals_mismatch': {
    status: 422,
    title: 'Totales no cuadran',
    detail:
      'Los montos declarados difieren de los calculados más allá de la tolerancia de la DGII; vea «errors».',
  },
  'ecf.rnc_invalid': {
    status: 422,
    title: 'RNC o cédula inválido',
    detail: 'Un RNC o cédula no tiene la forma exigida; vea «errors».',
  },
  'ecf.rule_failed': {
    status: 422,
    title: 'Regla e-CF incumplida',
    detail: 'El documento incumple reglas de la DGII; vea «errors».',
  },
  'sequence.not_assignable': {
    status: 422,
    title: 'e-NCF no asignable',
    detail: 'El e-NCF {encf} no puede fijarse: {reason}.',
  },
  'sequence.not_divisible': {
    status: 422,
    title: 'Rango no divisible',
    detail: 'El rango no puede dividirse: {reason}.',
  },
  'sequence.not_voidable': {
    status: 422,
    title: 'Números no anulables',
    detail: 'Los números {numbers} no pueden anularse: {reason}.',
  },
  'sequence.overlap': {
    status: 422,
    title: 'Rango solapado',
    detail: 'El rango se cruza con otro ya registrado.',
  },
  'contingency.paper_invalid': {
    status: 422,
    title: 'Comprobantes de papel no admitidos',
    detail: 'Ninguno se guardó; corrija los que indica «errors» y reenvíe.',
  },
  'reference.not_found': {
    status: 422,
    title: 'Referencia inexistente',
    detail: 'El NCF modificado {encf} está en su rango pero nunca fue emitido.',
  },
  'cert.subject_mismatch': {
    status: 422,
    title: 'Titular del certificado distinto',
    detail: 'El certificado no identifica a una persona con cédula o RNC.',
  },
  'cert.invalid': {
    status: 422,
    title: 'Certificado inválido',
    detail: 'El archivo P12 no se pudo usar: {reason}.',
  },
  'branding.logo_invalid': {
    status: 422,
    title: 'Logo no utilizable',
    detail: 'La imagen no se puede usar como logo; vea «errors».',
  },
  'branding.contrast': {
    status: 422,
    title: 'Color poco legible',
    detail:
      'El color {color} sobre blanco tiene un contraste de {contrast}:1 y hace falta {least}:1 para que se lea impreso; vea «errors».',
  },
  'auth.locked': {
    status: 429,
    title: 'Acceso bloqueado por un rato',
    detail: 'Hubo demasiados intentos fallidos. Espere unos minutos y pruebe otra vez.',
    retryAfterS: 900,
  },
  'rate.limited': {
    status: 429,
    title: 'Demasiadas solicitudes',
    detail: 'Superó el límite de solicitudes. Espere y reintente.',
    retryAfterS: 1,
  },
  internal: {
    status: 500,
    title: 'Error interno',
    detail: 'Ocurrió un error inesperado; ya quedó registrado. Cite el traceId al reportarlo.',
  },
  'dependency.unavailable': {
    status: 503,
    title: 'Servicio no disponible',
    detail: 'Un servicio necesario ({dependency}) no responde. Reintente en unos segundos.',
    retryAfterS: 5,
  },
  'batch.line_not_reached': {
    status: 503,
    title: 'Línea no procesada',
    detail:
      'El lote terminó antes de llegar a esta línea ({reason}) y nada de ella quedó registrado. Envíela de nuevo con la misma clave.',
    retryAfterS: 1,
  },
  'dependency.timeout': {
    status: 504,
    title: 'Tiempo agotado en un servicio',
    detail: 'Un servicio necesario ({dependency}) no respondió a tiempo.',
  },
  'storage.full': {
    status: 507,
    title: 'Almacenamiento lleno',
    detail: 'No hay espacio para registrar el documento; nada quedó a medias.',
  },
  'storage.refused': {
    status: 503,
    title: 'El almacén no admite la escritura',
    detail:
      'El almacén de copias inalterables rechaza la operación ({reason}). Revise sus permisos.',
    retryAfterS: 60,
  },
  'storage.conflict': {
    status: 409,
    title: 'El almacén guarda otro contenido',
    detail:
      '«{name}» ya existe con otro contenido y nunca se reescribe. Vea el manual de auditoría.',
  },
} as const satisfies Record<string, ProblemDefinition>;
