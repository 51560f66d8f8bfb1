// Replaces the SDK's form validator in the bundle: src/mcp/elicitation.ts reads the answers itself.
export class AjvJsonSchemaValidator {}
