/** When the months and days of a rule set begin. */
export interface Calendar {
  readonly month: { readonly startsOn: 'subscriptionDay' | 'firstOfMonth'; readonly timeZone: string };
  readonly day: { readonly timeZone: string };
}
