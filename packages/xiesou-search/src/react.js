// <XiesouSearch> for React 18 and newer: attributes as properties, events as onResults and so on, the element by ref.
import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { EVENTS, propertyOf, toAttributes } from "./attributes.js";
import { OPTIONS } from "./embed/element.js";
import "./index.js";

const onName = (event) => `on${event[0].toUpperCase()}${event.slice(1)}`;
const OWN = new Set([...OPTIONS.map(propertyOf), ...EVENTS.map(onName), "renderHit", "className", "children"]);
const useBeforePaint = typeof window === "undefined" ? useEffect : useLayoutEffect;

export const XiesouSearch = forwardRef(function XiesouSearch(properties, ref) {
  const element = useRef(null);
  const latest = useRef(properties);
  useImperativeHandle(ref, () => element.current, []);
  useBeforePaint(() => {
    latest.current = properties;
    element.current.renderHit = properties.renderHit ?? null;
  });
  useBeforePaint(() => {
    const living = new AbortController();
    for (const event of EVENTS) {
      const hear = (heard) => heard.target === element.current && latest.current[onName(event)]?.(heard);
      element.current.addEventListener(`xiesou-${event}`, hear, { signal: living.signal });
    }
    return () => living.abort();
  }, []);
  const others = Object.fromEntries(Object.entries(properties).filter(([name]) => !OWN.has(name)));
  const named = properties.className === undefined ? {} : { class: properties.className };
  return createElement("xiesou-search", { ...others, ...named, ...toAttributes(properties), ref: element }, properties.children);
});
