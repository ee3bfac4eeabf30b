// One list of all codes, causes before consequences: of two findings of one severity, the one listed first is told
// first, so that the first finding is the one to mend. The principle: what is wrong earlier on the way from recording
// to update comes first, since everything behind it suffers; and on one stage, what makes the others meaningless.

export const CAUSAL_ORDER: readonly string[] = [
  // The recordings.

  // The transcripts and labels.

  // The features.

  // The network: axes, then lengths, then what an output depends on, then values.

  // The loss and the update.

  // The curve: what is seen only in the end.
];
