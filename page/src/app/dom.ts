/** Elements made in one call. Text is always text: nothing here reads markup. */

type Value = string | number | boolean | null | undefined;

export interface Properties {
  readonly [name: string]: Value | ((event: never) => void);
}

type Child = Node | string | null | undefined | false;

const SVG = "http://www.w3.org/2000/svg";

/** Attributes by name; a function is a listener for the event of that name; null, undefined and false are left out. */
function set(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value as (event: Event) => void);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
}

function add(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, properties: Properties = {}, ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  set(element, properties);
  add(element, children);
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, properties: Properties = {}, ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  set(element, properties);
  add(element, children);
  return element;
}

/** Put a sentence where it differs: a screen reader reads a live region again whenever it is set. */
export function tell(element: Element, sentence: string): void {
  if (element.textContent !== sentence) element.textContent = sentence;
}

/** Show what has come, if it lies below the screen: on a phone it would not be seen. */
export function bringIntoView(element: Element): void {
  if (element.getBoundingClientRect().top < innerHeight * 0.75) return;
  element.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Whether the style is that of a phone: the width at which it changes stands in style.css too. */
export function onPhone(): boolean {
  return matchMedia("(max-width: 40rem)").matches;
}

let made = 0;

/** An id that no other element of the page has. */
export function newId(what: string): string {
  made += 1;
  return `${what}-${made}`;
}
