import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation";

/**
 * Checks a person's answer against the form. The validator is set before the first question: loading it takes as long
 * as the rest of a server that only lists its tools (scripts/dist.js leaves it out there).
 */
export class FormValidator implements jsonSchemaValidator {
  #validator: jsonSchemaValidator | undefined;

  use(validator: jsonSchemaValidator): void {
    this.#validator = validator;
  }

  /** @throws {Error} before `use` */
  getValidator<Answer>(schema: JsonSchemaType): JsonSchemaValidator<Answer> {
    if (this.#validator === undefined) throw new Error("a form was sent before its validator was set");
    return this.#validator.getValidator<Answer>(schema);
  }
}
