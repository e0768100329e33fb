// Asks the simulator: requests as JSON on standard input, one answer for each on standard output, which
// is "Allowed", "ImplicitlyDenied", "ExplicitlyDenied", or "error" for a request that it does not take.
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { readFileSync } from "node:fs";

const ACCOUNT = "123456789012";
const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

async function answer({ documents, action, resource }) {
  const found = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:user/u`, action, contextVariables: {},
        resource: { resource, accountId: ACCOUNT },
      },
      identityPolicies: documents.map((policy, place) => ({ name: `policy ${place}`, policy })),
      serviceControlPolicies: [{ orgIdentifier: "o", policies: [{ name: "all", policy: everything }] }],
      resourceControlPolicies: [],
    },
    {},
  );
  return found.resultType === "error" ? "error" : found.overallResult;
}

const { documents, requests } = JSON.parse(readFileSync(0, "utf-8"));
const answers = [];
for (const request of requests)
  answers.push(await answer({ ...request, documents: request.documents.map((place) => documents[place]) }));
process.stdout.write(JSON.stringify(answers));
