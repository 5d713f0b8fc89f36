/* The block in the editor: drawn by the server, as on the page. */
wp.blocks.registerBlockType("clinicdex/search", {
  edit: () => wp.element.createElement(wp.serverSideRender, { block: "clinicdex/search" }),
  save: () => null,
});
