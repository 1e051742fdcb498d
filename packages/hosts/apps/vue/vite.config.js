import vue from "@vitejs/plugin-vue";

export default { base: "/vue/", plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "xiesou-search" } } })] };
