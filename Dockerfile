# The server as an image, for one person: docker run --rm -i -e TENCENTCLOUD_SECRET_ID -e TENCENTCLOUD_SECRET_KEY cloudcert-mcp
# A person is asked in the client's own form; the page and the terminal do not reach out of a container.
# For a team, with `serve` and its settings: integrations/team.
# The base is pinned by the digest of its index for all platforms (Node.js 24.19.0, Debian 12, as docker-library/repo-info has
# it). To take a newer one: docker buildx imagetools inspect node:24-slim, and both lines.
FROM node:24-slim@sha256:cd84903a12dbd26b46f1f3b8144a2568c41c5d37ddd0c7a80a34c7a19786b35f AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && node scripts/copy-peers.js /image

FROM node:24-slim@sha256:cd84903a12dbd26b46f1f3b8144a2568c41c5d37ddd0c7a80a34c7a19786b35f
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /image/node_modules ./node_modules
COPY --from=build /build/dist ./dist
ENV NODE_ENV=production
# Where the audit log and the journal are kept; mount a volume here to keep them longer than the container.
ENV XDG_STATE_HOME=/state
RUN install -d -o node -g node -m 700 /state
VOLUME /state
USER node
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/cli.js"]
