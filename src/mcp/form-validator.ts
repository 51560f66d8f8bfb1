import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation";

/**
 * Checks a person's answer against the form that was asked. What does it is brought by whoever asks: it takes as long to
 * load as all the rest of a server that only tells what tools it has (scripts/dist.js leaves it out there).
 */
export class FormValidator implements jsonSchemaValidator {
  #validator: jsonSchemaValidator | undefined;

  use(validator: jsonSchemaValidator): void {
    this.#validator = validator;
  }

  /** @throws {Error} before `use` */
  getValidator<Answer>(schema: JsonSchemaType): JsonSchemaValidator<Answer> {
    if (this.#validator === undefined) throw new Error("a form was asked before there was anything to check it with");
    return this.#validator.getValidator<Answer>(schema);
  }
}
