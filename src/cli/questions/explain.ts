import { atDesk, noteStranger, QUESTION_OPTIONS } from '../desk/question.ts';
import { command } from '../frame/command.ts';
import { explanationText } from '../text/explanation-text.ts';

export const explain = command({
  usage: 'explain <user> <action>',
  says: 'The answer to a question gate by gate, as json-rules-engine judges it: what was read, what it was compared with, what held.',
  options: QUESTION_OPTIONS,
  example: 'perkbook explain sam-starter lora.train_free --amount 2',
  notes: 'The rules are those in PERKBOOK_RULES (rules), the members those in PERKBOOK_DATA (data) or at MONGODB_URI.',
  run: (given, terminal) =>
    atDesk(given, terminal, async (desk, question) => {
      const explanation = await desk.explain(question);
      terminal.out(
        given.options.json
          ? `${JSON.stringify(explanation, undefined, 2)}\n`
          : explanationText(explanation, desk.titleOf, terminal.colours),
      );
      const { user, membership } = explanation.decision;
      if (!given.options.json) await noteStranger(user, membership, desk, terminal);
      return 0;
    }),
});
