import { BadRequestException, ValidationError, ValidationPipe } from '@nestjs/common';

/**
 * Turns query parameters into an instance of their class and checks it.
 * It stands at each query and not before all routes, where it would also turn the `0x1` of a path into 1.
 */
export const queryPipe = new ValidationPipe({
  transform: true,
  stopAtFirstError: true,
  exceptionFactory: toBadRequest,
});

/** The first thing that is wrong, as one sentence. */
function toBadRequest(problems: ValidationError[]): BadRequestException {
  const sentence = Object.values(problems[0]?.constraints ?? {})[0];
  return new BadRequestException(sentence ?? 'The request is not valid');
}
