import { describe, expect, it } from "vitest";
import { asDatabaseError, DatabaseError } from "../../src/database/errors.js";

const failure = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

describe("a failure of the database", () => {
  it.each([
    ["ECONNREFUSED", "The database cannot be reached (ECONNREFUSED).", true],
    ["CERT_HAS_EXPIRED", "The database cannot be reached (CERT_HAS_EXPIRED).", true],
    ["53300", "The database has no free connection (53300).", true],
    ["57P01", "The database is being stopped or started (57P01).", true],
    ["08006", "The connection to the database was lost (08006).", true],
    ["53100", "The database's disk is full (53100).", false],
    ["57014", "The database statement timed out or was cancelled (57014).", false],
    ["25006", "The database is read-only (25006).", false],
    ["40P01", "Simultaneous changes conflicted in the database (40P01).", false],
    ["23505", "The database refused a statement (23505).", false],
    ["28P01", "The database refuses this server (28P01).", false],
    ["EPERM", "The database cannot be reached (EPERM).", true],
    ["EPIPE", "The database cannot be reached (EPIPE).", true],
  ])("%s is told in words, and whether it may pass in seconds: %s", (code, says, isTransient) => {
    const error = asDatabaseError(failure('password "s3cret" of key', code));
    expect(error).toMatchObject({ message: says, isTransient, details: { changed: "no", sent: false } });
    expect(JSON.stringify(error)).not.toContain("s3cret");
  });

  it.each(["Connection terminated unexpectedly", "Query read timeout", "timeout exceeded when trying to connect"])(
    "without a code is known by what pg says: %s",
    (message) => expect(asDatabaseError(failure(message))).toBeInstanceOf(DatabaseError),
  );

  it("keeps what pg says where there is no code, and knows a database without TLS", () => {
    expect(asDatabaseError(failure("Connection terminated due to connection timeout"))).toMatchObject({
      message: "The database cannot be reached (Connection terminated due to connection timeout).",
    });
    expect(asDatabaseError(failure("The server does not support SSL connections"))).toMatchObject({
      message: "The database offers no TLS, which the sslmode in its address demands.",
      isLasting: true,
    });
  });

  it.each([
    ["28000", true],
    ["3D000", true],
    ["42501", true],
    ["0A000", true],
    ["23505", false],
    ["40001", false],
    ["55000", false],
    ["XX000", false],
    ["EHOSTUNREACH", false],
  ])("%s stays until the operator corrects it: %s", (code, isLasting) =>
    expect(asDatabaseError(failure("", code))).toMatchObject({ isLasting }),
  );

  it.each([new TypeError("x is not a function"), failure("wrong", "ERR_INVALID_ARG_TYPE")])(
    "is no defect of this program: %s",
    (defect) => expect(asDatabaseError(defect)).toBe(defect),
  );
});
