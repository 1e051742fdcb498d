// <XiesouSearch> for Vue 3. Beside Vue Router the address is written by the router, so that it knows of it.
import { defineComponent, getCurrentInstance, h, onMounted, ref } from "vue";
import { EVENTS, propertyOf, toAttributes } from "./attributes.js";
import { OPTIONS } from "./embed/element.js";
import "./index.js";

const props = Object.fromEntries([...OPTIONS.map(propertyOf), "renderHit"].map((name) => [name, { type: null, default: undefined }]));

export const XiesouSearch = defineComponent({
  name: "XiesouSearch",
  props,
  emits: EVENTS,
  setup(properties, { emit, expose, slots }) {
    const element = ref(null);
    const router = getCurrentInstance().appContext.config.globalProperties.$router;
    onMounted(() => (element.value.renderHit = properties.renderHit ?? null));
    expose({
      element,
      search: (text, options) => element.value.search(text, options),
      clear: () => element.value.clear(),
      focus: (options) => element.value.focus(options),
    });
    const hear = (event) => (heard) => {
      if (heard.target !== element.value) return;
      emit(event, heard);
      if (event === "address" && router && !heard.defaultPrevented) leadRouter(router, heard);
    };
    const listeners = Object.fromEntries(EVENTS.map((event) => [`onXiesou-${event}`, hear(event)]));
    return () => h("xiesou-search", { ref: element, ...toAttributes(properties), ...listeners }, slots.default?.());
  },
});

function leadRouter(router, event) {
  const { pathname, search, hash } = new URL(event.detail.url);
  const base = router.options.history.base ?? "";
  if (base.includes("#")) return; // its paths are behind the #, which we leave alone
  event.preventDefault();
  router.push((pathname.startsWith(base) ? pathname.slice(base.length) || "/" : pathname) + search + hash);
}
