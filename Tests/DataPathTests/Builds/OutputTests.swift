import FoundationEssentials
import LabSupport
import Testing

extension Builds {
    /// The destinations of a build's result.
    @Suite struct OutputTests {
        private let installation: Installation
        private var docker: Program { installation.laptop.docker }

        init() throws { installation = try .current }

        @Test func imagesAndCacheGoToARegistryAndServeAnotherBuildKit() async throws {
            try await Registry.whileServing { registry in
                try await withTemporaryFolder { folder in
                    let ada = try registry.loggedIn(docker, in: folder)
                    let recipe = try Recipe("RUN echo pushed > result", in: folder)
                    let (image, cache) = ("\(registry.address)/team/app:1", "\(registry.address)/team/cache")
                    // The registry requires the user's password.
                    await #expect(throws: LabFailure.self) {
                        try await recipe.build(
                            with: docker, builder: "remote-kubernetes", ["--push", "--tag", image])
                    }
                    try await recipe.build(
                        with: ada, builder: "remote-kubernetes",
                        [
                            "--push", "--tag", image, "--cache-to",
                            "type=registry,ref=\(cache),mode=max",
                        ])

                    try await BuildKitEngine.withOwn { engine in
                        try await OwnProxy.whileRunning { own in
                            try await own.whileBuilderServes(engine: engine) { _ in
                                let again = try await recipe.build(
                                    with: ada, builder: own.builder,
                                    ["--cache-from", "type=registry,ref=\(cache)"])
                                #expect(again.contains(/RUN .*\n#\d+ CACHED/))
                                let child = try Recipe("RUN cat /result > result", base: image, in: folder)
                                #expect(try await child.result(with: ada, builder: own.builder) == "pushed\n")
                            }
                        }
                    }
                }
            }
        }

        @Test func anImageIsLoadedIntoADockerEngine() async throws {
            let recipe = try Recipe("RUN echo loaded > result", in: installation.folder)
            try await BuildKitEngine.withOwn { engine in
                var docker = docker
                docker.environment["DOCKER_HOST"] = "unix://\(engine.socket)"
                try await recipe.build(
                    with: docker, builder: "remote-kubernetes", ["--load", "--tag", "app:1"])
                let images = try await docker.require("image", "ls", "--format", "{{.Repository}}:{{.Tag}}")
                #expect(images == "app:1\n")
            }
        }

        @Test func anImageIsWrittenToAFile() async throws {
            let recipe = try Recipe("RUN echo written > result", in: installation.folder)
            let file = "\(recipe.folder)-image.tar"
            try await recipe.build(
                with: docker, builder: "remote-kubernetes",
                ["--output", "type=docker,dest=\(file)", "--tag", "app:1"])
            let manifest = try await Program("tar").require("-xOf", file, "manifest.json")
            #expect(manifest.contains("app:1"))
        }
    }
}
