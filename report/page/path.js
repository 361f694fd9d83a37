/* A probe's page. */
