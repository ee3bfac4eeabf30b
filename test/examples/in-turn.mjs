// Runs the examples that its arguments name in this process, each after the one before has ended; what one shows begins
// with a line of its name, on stdout and on stderr.

for (const name of process.argv.slice(2)) {
  for (const stream of [process.stdout, process.stderr]) stream.write(`▶ ${name}\n`);
  await import(`../../examples/${name}`);
}
