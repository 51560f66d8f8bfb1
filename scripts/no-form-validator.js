// Replaces the SDK's form validator in the bundle: ours is loaded with the first call (src/mcp/elicitation.ts).
export class AjvJsonSchemaValidator {}
