"use strict";

// ReDoc signs its menu with an image of another host; here it signs with words alone.
const image = HTMLImageElement.prototype;
image.setAttribute = function (name, value) {
  const elsewhere = name === "src" && /^(https?:)?\/\//.test(value);
  Element.prototype.setAttribute.call(this, name, elsewhere ? "data:," : value);
};
const { get } = Object.getOwnPropertyDescriptor(image, "src");
Object.defineProperty(image, "src", {
  get,
  set(value) {
    this.setAttribute("src", value);
  },
});
