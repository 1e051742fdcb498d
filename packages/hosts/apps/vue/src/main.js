import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import App from "./App.vue";
import Plain from "./Plain.vue";
import Wrapped from "./Wrapped.vue";

const base = new URL(".", location.href).pathname;
const About = { template: "<p id='about'>关于</p>", render: () => "关于" };
const router = createRouter({
  history: createWebHistory(base),
  routes: [
    { path: "/", redirect: (to) => ({ path: "/wrapped", query: to.query }) },
    { path: "/wrapped", component: Wrapped },
    { path: "/plain", component: Plain },
    { path: "/about", component: About },
  ],
});

createApp(App).use(router).mount("#app");
