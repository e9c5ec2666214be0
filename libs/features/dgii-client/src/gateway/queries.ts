import { Injectable } from '@nestjs/common';
import { LookUpDirectory } from '../info/look-up-directory.use-case.js';
import { ConsultResults } from './consult-results.use-case.js';
import { FindDocuments } from './find-documents.use-case.js';

/** What DGII is asked, beside what it is sent. */
@Injectable()
export class Queries {
  constructor(
    readonly results: ConsultResults,
    readonly documents: FindDocuments,
    readonly receivers: LookUpDirectory,
  ) {}
}
