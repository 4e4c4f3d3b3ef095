/** An edit that is not made, in a product manager's words. Nothing has changed. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused';
  readonly didYouMean: string | undefined;

  constructor(message: string, didYouMean?: string) {
    super(message);
    this.didYouMean = didYouMean;
  }
}
