// Stands in the bundle for the SDK's default checker of forms: ours is loaded with the first call (src/mcp/form-validator.ts).
export class AjvJsonSchemaValidator {}
