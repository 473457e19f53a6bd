// An error whose message is all a person needs: what happened, and what to do.

export class Failure extends Error {
  name = "Failure";
}
