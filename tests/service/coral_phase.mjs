// Calls an external moderation phase as Coral Talk does: the same bytes, signatures and reading of the answer.
// node coral_phase.mjs URL SECRETS(comma-separated) < request.json ; prints what Coral would do.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

const [url, secrets] = process.argv.slice(2);
const body = JSON.stringify(JSON.parse(readFileSync(0, "utf-8")), null, 2);
const signature = secrets
  .split(",")
  .map((secret) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`)
  .join(",");
const response = await fetch(url, {
  method: "POST",
  redirect: "manual",
  headers: {
    "Content-Type": "application/json",
    "User-Agent": "Coral Moderation/9.11.8",
    "X-Coral-Signature": signature,
  },
  body,
});
const text = await response.text();

const ALLOWED = {
  actionType: ["FLAG"],
  reason: ["COMMENT_DETECTED_TOXIC", "COMMENT_DETECTED_SPAM"],
  status: ["NONE", "APPROVED", "REJECTED", "PREMOD", "SYSTEM_WITHHELD"],
  code: [
    "OFFENSIVE", "ABUSIVE", "SPAM", "BANNED_WORD", "AD", "ILLEGAL_CONTENT", "HARASSMENT_BULLYING",
    "MISINFORMATION", "HATE_SPEECH", "IRRELEVANT_CONTENT", "OTHER",
  ],
};
const check = (name, value) => {
  if (value !== undefined && !ALLOWED[name].includes(value)) throw new Error(`dropped: ${name} ${value}`);
};

let result = { http: response.status, outcome: "skipped" };
if (response.ok && (response.status === 204 || text === "" || text === "{}")) {
  result.outcome = "continue";
} else if (response.ok) {
  const answer = JSON.parse(text);
  for (const action of answer.actions ?? []) {
    check("actionType", action.actionType);
    check("reason", action.reason);
  }
  check("status", answer.status);
  check("status", answer.moderationAction?.status);
  check("code", answer.moderationAction?.rejectionReason?.code);
  result = { ...result, outcome: answer.status ?? "flagged", answer };
}
console.log(JSON.stringify(result));
