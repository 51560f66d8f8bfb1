// Replaces the SDK's default form validator in the bundle: ours is loaded with the first call
// (src/mcp/form-validator.ts).
export class AjvJsonSchemaValidator {}
