import type { Tool, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { zodToJsonSchema } from "zod-to-json-schema";
import type { Effect, Operation } from "../catalogue/operation.js";

const annotations: Readonly<Record<Effect, Pick<ToolAnnotations, "readOnlyHint" | "destructiveHint">>> = {
  read: { readOnlyHint: true },
  create: { readOnlyHint: false, destructiveHint: false },
  change: { readOnlyHint: false, destructiveHint: false },
  traffic: { readOnlyHint: false, destructiveHint: true },
  destroy: { readOnlyHint: false, destructiveHint: true },
  purchase: { readOnlyHint: false, destructiveHint: true },
};

/** The argument that carries an approval, where the operator chose that a host asks at its own prompt. */
export const approvalArgument = "approval";

/**
 * An operation as a model is shown it. Everything here derives from the catalogue.
 * @param withApproval whether a change takes {@link approvalArgument}
 */
export function toolOf(operation: Operation, withApproval = false): Tool {
  const takesApproval = withApproval && operation.effect !== "read";
  const params = takesApproval
    ? operation.params.extend({ [approvalArgument]: z.string().describe("Token of the approved plan").optional() })
    : operation.params;
  return {
    name: operation.name,
    title: operation.title,
    description: `${operation.service.title}: ${operation.summary}`,
    inputSchema: objectSchema(params),
    outputSchema: objectSchema(operation.result.extend({ notes: z.array(z.string()).optional() })),
    annotations: {
      title: operation.title,
      ...annotations[operation.effect],
      ...(operation.retry === "idempotent" && { idempotentHint: true }),
      openWorldHint: true,
    },
  };
}

type ObjectSchema = Tool["inputSchema"];

/** JSON Schema of an object, inlined: some clients do not follow `$ref`. */
function objectSchema(schema: z.AnyZodObject): ObjectSchema {
  const { $schema: _, ...rest } = zodToJsonSchema(schema, { $refStrategy: "none" });
  return { ...rest, type: "object" };
}
