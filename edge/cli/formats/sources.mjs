// How the counters are called whose files are read here.

export const SOURCES = { waline: "Waline", twikoo: "Twikoo", leancloud: "LeanCloud", goatcounter: "GoatCounter", plausible: "Plausible", umami: "Umami" };
