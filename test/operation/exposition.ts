/** The text that Prometheus scrapes, read: each series by its name and labels as they are written there. */
export function seriesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** The names of Perkbook's own metrics. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (perkbook_\w+) /gm)].map(([, name = '']) => name).sort();
}
