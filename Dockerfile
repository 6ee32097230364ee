# docker build -t error-tracker .
FROM node:20-bookworm-slim AS build
# SQLite is compiled when no prebuilt binary can be fetched.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --include=dev
COPY . .
# What only tests and the build need, a PostgreSQL among it, does not go into the image.
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
# The path is for SQLite; with DATABASE_URL nothing is written, and /data may be a tmpfs.
ENV NODE_ENV=production DATABASE_PATH=/data/errors.db
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 5010
# PostgreSQL is waited for, and a migration may take a while.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "dist/main.js", "--healthcheck"]
# The flags keep memory low, as `npm start` does.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--heap-growing-percent=50", "dist/main.js"]
