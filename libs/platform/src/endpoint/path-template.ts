/** `/a/:id` as OpenAPI and the table write it: `/a/{id}`. */
export function pathTemplate(path: string): string {
  return path.replace(/:([A-Za-z]\w*)/g, '{$1}');
}
