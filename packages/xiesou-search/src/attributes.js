// Properties as frameworks write them -> attributes of the element: camelCase, lists, true and false.
import { OPTIONS } from "./embed/element.js";

export const EVENTS = ["search", "results", "select", "address", "error"];

export const propertyOf = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

export function toAttributes(properties) {
  const attributes = {};
  for (const name of OPTIONS) {
    const value = properties[propertyOf(name)];
    if (value == null || value === false) continue;
    attributes[name] = value === true ? "" : Array.isArray(value) ? value.join(" ") : String(value);
  }
  return attributes;
}
