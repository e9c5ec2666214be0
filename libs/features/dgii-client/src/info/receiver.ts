import type { DgiiReceiver } from '@getupnet/contracts';
import { receiverBase, type DirectoryEntry } from '@getupnet/dgii-api';

/** A line of the directory with the bases its addresses come to. */
export function receiverOf(entry: DirectoryEntry): DgiiReceiver {
  return {
    ...entry,
    bases: {
      recepcion: receiverBase(entry.urlRecepcion),
      aceptacion: receiverBase(entry.urlAceptacion),
      autenticacion: receiverBase(entry.urlOpcional),
    },
  };
}
