// People who read inside apps are people, crawlers are robots: a table of real user agents (agents.mjs).
import { test } from "node:test";
import assert from "node:assert/strict";
import { isRobot } from "../../edge/src/readers.js";
import { PEOPLE, ROBOTS } from "./agents.mjs";

test("people who read inside apps are people", () => {
  for (const [name, userAgent] of PEOPLE) assert.equal(isRobot(userAgent), false, name);
});

test("crawlers are robots, those with an app's words in their name too", () => {
  for (const [name, userAgent] of ROBOTS) assert.equal(isRobot(userAgent), true, name);
});
