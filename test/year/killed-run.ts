import { once } from "node:events";
import { z } from "zod";
import { runOnce, runSettings } from "./run.js";
import { SimulatedClock, Traffic } from "./simulated-clock.js";

/** One run of the program in a process of its own, which can be killed; the year's clock is in the parent. */

export const order = z.object({ settings: runSettings, now: z.number(), edge: z.array(z.number()) });

const { settings, now, edge } = order.parse((await once(process, "message"))[0]);
const traffic = new Traffic(edge);
const clock = new SimulatedClock(now, traffic, async (time) => {
  const heard = once(process, "message");
  process.send?.({ time });
  await heard;
});
const outcome = await runOnce(settings, clock, (question) => void process.send?.({ question }));
traffic.close();
process.send?.({ outcome }, () => process.disconnect());
