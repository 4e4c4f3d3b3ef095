# syntax=docker/dockerfile:1
FROM node:22-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --no-audit
COPY tsconfig.json ./
COPY scripts scripts
COPY schemas schemas
COPY src src
RUN npm run build && npm prune --omit=dev --no-audit && mkdir /data

FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 PERKBOOK_DATA=/data PERKBOOK_DECISION_LOG_FOLDER=/data/logs
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/swagger-ui dist/swagger-ui
COPY package.json ./
COPY schemas schemas
COPY rules rules
COPY fixtures fixtures
COPY --from=build --chown=node:node /data /data
USER node
EXPOSE 8080
# Only what is written here changes: the rest may be mounted read-only. With MONGODB_URI nothing is written at all, but for
# a decision log in files.
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["serve"]
