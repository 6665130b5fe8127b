import type { Section } from "../app/app.js";
import { mount } from "./index.js";

/** The story, as a section of the page. */
export const story: Section = { name: "story", title: (t) => t.shell.story, mount };
