/** Collects what the process writes to stdout and stderr until `stop`; nothing of it is printed. */
export function captureOutput(): {
  text: () => string;
  until: (pattern: RegExp) => Promise<string>;
  stop: () => void;
} {
  let written = '';
  const check: (() => void)[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: string | Uint8Array) => {
      written += String(chunk);
      check.forEach((look) => look());
      return true;
    }),
  );
  return {
    text: () => written,
    until: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          if (pattern.test(written)) resolve(written);
        };
        check.push(look);
        look();
      }),
    stop: () => spies.forEach((spy) => spy.mockRestore()),
  };
}
