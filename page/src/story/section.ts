import type { Section } from "../app/app.js";
import { mount, reads } from "./index.js";

/** The story, as a section of the page. */
export const story: Section = { name: "story", title: (t) => t.shell.story, mount, reads };
