/**
 * The other side of `startGenerator`.
 * @param generate gets the options, `begin` to call when it starts to send, and `onStop` to be told to end early;
 *   what it returns is sent as the result
 */
export function serveGenerator(generate) {
  let stop = () => undefined;
  process.on('message', (message) => {
    if (message === 'stop') {
      stop();
      return;
    }
    const onStop = (listener) => (stop = listener);
    generate(message, () => process.send('begun'), onStop).then(
      (result) => process.send(result, () => process.exit(0)),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
