/** Why the portal does not do what it is asked, in words for the applicant. */
export class PortalProblem extends Error {
  override readonly name = 'PortalProblem';

  constructor(
    message: string,
    readonly status: 400 | 404 | 409 = 409,
  ) {
    super(message);
  }
}
