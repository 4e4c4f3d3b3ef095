import { atDesk, noteStranger, QUESTION_OPTIONS } from '../desk/question.ts';
import { command } from '../frame/command.ts';
import { decisionText, valueLines } from '../text/decision-text.ts';

export const ask = command({
  usage: 'ask <user> <action>',
  says: 'May this user do this? One sentence with the reason, and the numbers behind it. A denial is an answer: exit code 0.',
  options: QUESTION_OPTIONS,
  example: 'perkbook ask sam-starter generation.create --input loras=6 --input width=1024 --input height=1024',
  notes:
    'The rules and the members are those of a server here: in PERKBOOK_RULES (rules) and PERKBOOK_DATA (data), or both at MONGODB_URI.',
  run: (given, terminal) =>
    atDesk(given, terminal, async (desk, question) => {
      const answer = await desk.ask(question);
      if (given.options.json) {
        terminal.out(`${JSON.stringify(answer, undefined, 2)}\n`);
        return 0;
      }
      terminal.out(`${decisionText(answer, desk.titleOf, terminal.colours)}\n`);
      for (const line of valueLines(answer.values)) terminal.out(`${line}\n`);
      await noteStranger(answer.user, answer.membership, desk, terminal);
      return 0;
    }),
});
