import type { Year } from "./year.js";
export const reportOf = (year: Year) => JSON.stringify({ weather: [...year.weather], faults: [...year.faults], killed: year.killed, requests: year.requests.length, failures: year.failures.slice(0, 40), sights: year.sights.length }, null, 1);
export const faultsOf = (year: Year) => year.sights.filter((s) => s.fault).map((s) => JSON.stringify(s)).slice(0, 20);
