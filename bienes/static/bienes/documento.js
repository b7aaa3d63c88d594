"use strict";

// Shows the fields of the chosen tipo. The others stay in the page, so going back to one finds what was
// typed; a field that both tipos have takes along what the first one holds.
document.addEventListener("DOMContentLoaded", () => {
    const tipo = document.getElementById("id_tipo");
    const secciones = [...document.querySelectorAll("fieldset.esquema")];
    if (!tipo || !secciones.length) {
        return;
    }
    let anterior = tipo.value;

    const llevar = (de, a) => {
        for (const campo of document.querySelectorAll(`[name^="${a}-"]`)) {
            const mismo = document.getElementsByName(de + campo.name.slice(a.length))[0];
            if (mismo && !campo.value) {
                campo.value = mismo.value;
            }
        }
    };

    const mostrar = () => {
        if (anterior && tipo.value && anterior !== tipo.value) {
            llevar(anterior, tipo.value);
        }
        anterior = tipo.value || anterior;
        for (const seccion of secciones) {
            seccion.classList.toggle("hidden", !seccion.classList.contains(`esquema-${tipo.value}`));
        }
    };

    tipo.addEventListener("change", mostrar);
    // A browser that goes back restores the select without telling.
    window.addEventListener("pageshow", mostrar);
});
