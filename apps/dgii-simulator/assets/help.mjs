// Starts Swagger UI (a global of its bundle) on the OpenAPI document of the service.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
globalThis.SwaggerUIBundle({
  url: '../swagger/v1/swagger.json',
  dom_id: '#ayuda',
  deepLinking: true,
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  // Nothing outside is asked: no validator, no configuration from the address.
  validatorUrl: null,
  queryConfigEnabled: false,
});
