import { expect } from 'chai';
import fc from 'fast-check';
import {
  addMonths,
  anchoredMonth,
  calendarDay,
  calendarMonth,
  type Period,
  utcDay,
} from '../../src/domain/calendar.ts';

const ZONES = ['UTC', 'Etc/UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'] as const;
const zone = fc.constantFrom(...ZONES);
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2100, 0, 1) }),
  // The hours around the ends of months, where clamping shows.
  fc
    .tuple(fc.integer({ min: 1971, max: 2100 }), fc.integer({ min: 0, max: 11 }), fc.integer({ min: -72, max: 48 }))
    .map(([year, month, hours]) => Date.UTC(year, month, 1) + hours * 3_600_000),
);
const HOUR = 3_600_000;

/** Year, month, day and time of day on the clocks of a zone. */
function local(at: number, timeZone: string): { year: number; month: number; day: number; time: string } {
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
  };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

describe('addMonths', () => {
  it('31 January, 28 February, 31 March: always from the original day', () => {
    const anchor = Date.parse('2026-01-31T10:00:00Z');
    const days = [0, 1, 2, 3, 13, 25].map((n) => utcDay(addMonths(anchor, n, 'UTC')));
    expect(days).to.deep.equal(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2027-02-28', '2028-02-29']);
  });

  it('is the same day of the month and time of day on the clocks of the zone, clamped to shorter months', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -60, max: 60 }), zone, (anchor, months, timeZone) => {
        const from = local(anchor, timeZone);
        const to = local(addMonths(anchor, months, timeZone), timeZone);
        expect(to.year * 12 + to.month).to.equal(from.year * 12 + from.month + months);
        expect(to.day).to.equal(Math.min(from.day, daysIn(to.year, to.month)));
        // An hour that the clocks skip on that day is moved forward, by an hour at most.
        if (to.time !== from.time) {
          expect(local(addMonths(anchor, months, timeZone) - HOUR, timeZone).time).to.not.equal(from.time);
          expect(addMonths(anchor - 2 * HOUR, months, timeZone)).to.be.below(addMonths(anchor, months, timeZone));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('the fast way for UTC is the way of every other zone', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -300, max: 300 }), (anchor, months) => {
        expect(addMonths(anchor, months, 'UTC')).to.equal(addMonths(anchor, months, 'Etc/UTC'));
      }),
      { numRuns: 3000 },
    );
  });

  it('knows the leap years of the first century', () => {
    const anchor = Date.parse('0004-01-31T00:00:00Z');
    expect(new Date(addMonths(anchor, 1, 'UTC')).toISOString()).to.equal('0004-02-29T00:00:00.000Z');
  });
});

describe('periods', () => {
  const kinds: Readonly<Record<string, (at: number, timeZone: string, anchor: number) => Period>> = {
    anchoredMonth: (at, timeZone, anchor) => anchoredMonth(anchor, at, timeZone),
    calendarMonth,
    calendarDay,
  };
  for (const [name, periodAt] of Object.entries(kinds)) {
    it(`${name}: every instant lies in exactly one, and the next begins where it ends`, () => {
      fc.assert(
        fc.property(instant, instant, zone, (at, anchor, timeZone) => {
          const period = periodAt(at, timeZone, anchor);
          expect(at).to.be.within(period.start, period.end - 1);
          for (const inside of [period.start, Math.floor((period.start + period.end) / 2), period.end - 1]) {
            expect(periodAt(inside, timeZone, anchor)).to.deep.equal(period);
          }
          expect(periodAt(period.end, timeZone, anchor).start).to.equal(period.end);
          expect(periodAt(period.start - 1, timeZone, anchor).end).to.equal(period.start);
        }),
        { numRuns: 1000 },
      );
    });
  }

  it('anchoredMonth begins and ends a whole number of months from its anchor', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -40, max: 40 }), zone, (anchor, months, timeZone) => {
        const start = addMonths(anchor, months, timeZone);
        expect(anchoredMonth(anchor, start, timeZone)).to.deep.equal({
          start,
          end: addMonths(anchor, months + 1, timeZone),
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('calendarDay and calendarMonth begin where the local date changes', () => {
    fc.assert(
      fc.property(instant, zone, (at, timeZone) => {
        const day = calendarDay(at, timeZone);
        const { start } = calendarMonth(at, timeZone);
        const dateOf = (t: number) => local(t, timeZone).day;
        expect([dateOf(day.start), dateOf(day.end - 1)]).to.deep.equal([dateOf(at), dateOf(at)]);
        expect(dateOf(day.start - 1)).to.not.equal(dateOf(at));
        expect(dateOf(start)).to.equal(1);
        expect(local(start - 1, timeZone).month).to.not.equal(local(at, timeZone).month);
        expect(local(start, timeZone).month).to.equal(local(at, timeZone).month);
      }),
      { numRuns: 1000 },
    );
  });

  it('a day on which the clocks change has 23 or 25 hours, on Lord Howe 23.5 or 24.5', () => {
    const hours = (text: string, timeZone: string) => {
      const { start, end } = calendarDay(Date.parse(text), timeZone);
      return (end - start) / HOUR;
    };
    expect(hours('2026-03-29T12:00:00Z', 'Europe/Berlin')).to.equal(23);
    expect(hours('2026-10-25T12:00:00Z', 'Europe/Berlin')).to.equal(25);
    expect(hours('2026-03-08T12:00:00Z', 'America/New_York')).to.equal(23);
    expect(hours('2026-04-05T00:00:00Z', 'Australia/Lord_Howe')).to.equal(24.5);
    expect(hours('2026-10-04T00:00:00Z', 'Australia/Lord_Howe')).to.equal(23.5);
  });
});
