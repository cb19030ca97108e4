import Testing
import Yams

/// The permissions of a pod, and its contents.
struct SecurityTests {
    private static let profiles = ["rootless", "userns", "privileged"]

    @Test(arguments: profiles)
    func noPodHasATokenOrASubPath(profile: String) async throws {
        let manifest = try await Chart.render(
            Release(set: ["builder.security": profile, "test.clientSecret": "client"]))
        for (name, pod) in try manifest.pods {
            #expect(pod["automountServiceAccountToken"]?.bool == false, "\(name)")
            #expect(pod["enableServiceLinks"]?.bool == false, "\(name)")
        }
        for account in manifest.objects where account.name.hasPrefix("ServiceAccount/") {
            #expect(account["/automountServiceAccountToken"]?.bool == false)
        }
        #expect(try manifest.object("Pod/buildkit-test")["/spec/automountServiceAccountToken"]?.bool == false)
        // A subPath mount is never updated, so certificates in it would not be, either.
        #expect(!manifest.text.contains("subPath:"))
        #expect(!manifest.objects.contains { $0.name.hasPrefix("Secret/") })
    }

    @Test(arguments: [true, false])
    func theKeyOfTheProxyIsNotInTheBuilder(clientCertificates: Bool) async throws {
        let manifest = try await Chart.render(
            Release(set: ["builder.clientCertificates": "\(clientCertificates)"]))
        let builder = try manifest.object("Deployment/buildkit-builder")
        let volumes = try #require(builder["/spec/template/spec/volumes"]?.sequence)
        let secrets = volumes.compactMap { $0["secret"] }
        #expect(secrets.allSatisfy { $0["items"] != nil }, "a Secret without items is mounted whole")
        let keys = secrets.flatMap { $0["items"]?.sequence ?? [] }.compactMap { $0["key"]?.string }
        #expect(keys == ["server.crt", "server.key"] + (clientCertificates ? ["ca.crt"] : []))
    }

    /// So the kubelet does not start a pod with a missing key, and names the key in the pod's events.
    @Test func everySecretAndEveryKeyOfItIsDemanded() async throws {
        let manifest = try await Chart.render(Release(set: ["proxy.certificates.revocations": "true"]))
        var demanded: [String] = []
        for (_, pod) in try manifest.pods {
            for secret in pod["volumes"]?.sequence?.compactMap({ $0["secret"] }) ?? [] {
                #expect(secret["optional"] == nil)
                let keys = try #require(secret["items"]?.sequence).compactMap { $0["key"]?.string }
                demanded.append("\(secret["secretName"]?.string ?? ""): \(keys.joined(separator: " "))")
            }
        }
        #expect(
            demanded == [
                "buildkit-secrets: server.crt server.key ca.crt",
                "buildkit-envoy-certs: ca.pem server.pem server-key.pem crl.pem",
                "buildkit-secrets: ca.crt client.crt client.key",
            ])
    }

    @Test func onlyTheTLSPortIsOpenToOthers() async throws {
        let manifest = try await Chart.render()
        let bootstrap = try #require(manifest.object("ConfigMap/buildkit-proxy").text("/data/envoy.yaml"))
        let listeners = try #require(
            try Yams.compose(yaml: bootstrap)?["static_resources"]?["listeners"]?.sequence)
        let open = listeners.filter { $0["address"]?["socket_address"]?["address"] != "127.0.0.1" }
        #expect(open.map { $0["name"]?.string } == ["buildkit"])
        #expect(open.first?["filter_chains"]?.sequence?.allSatisfy { $0["transport_socket"] != nil } == true)
        let policy = try manifest.object("NetworkPolicy/buildkit-proxy")
        #expect(policy["/spec/ingress"]?.sequence?.count == 1)
        #expect(!manifest.objects.contains { $0.name == "Service/buildkit-metrics" })
    }

    @Test func theProxyIsFitForTheStrictestNamespace() async throws {
        let proxy = try await Chart.render().object("Deployment/buildkit-proxy")
        let pod = try #require(proxy["/spec/template/spec/securityContext"])
        let container = try #require(proxy["/spec/template/spec/containers/0/securityContext"])
        #expect(pod["runAsNonRoot"]?.bool == true)
        #expect(pod["seccompProfile"]?["type"] == "RuntimeDefault")
        #expect(container["allowPrivilegeEscalation"]?.bool == false)
        #expect(container["readOnlyRootFilesystem"]?.bool == true)
        #expect(container["capabilities"]?["drop"] == ["ALL"])
    }

    @Test(arguments: [
        ("rootless", "docker.io/moby/buildkit:v0.32.2-rootless", "/home/user/.local/share/buildkit", "0440"),
        ("userns", "docker.io/moby/buildkit:v0.32.2", "/var/lib/buildkit", "0400"),
        ("privileged", "docker.io/moby/buildkit:v0.32.2", "/var/lib/buildkit", "0400"),
    ])
    func aProfileIsComplete(profile: String, image: String, state: String, mode: String) async throws {
        let manifest = try await Chart.render(Release(set: ["builder.security": profile]))
        let builder = try manifest.object("Deployment/buildkit-builder")
        let pod = try #require(builder["/spec/template/spec"])
        let container = try #require(pod["containers"]?[0])
        let isRootless = profile == "rootless"
        #expect(container["image"]?.string == image)
        #expect(container["volumeMounts"]?[2]?["mountPath"]?.string == state)
        #expect(pod["volumes"]?[1]?["secret"]?["defaultMode"]?.string == mode)
        #expect((pod["hostUsers"]?.bool == false) == (profile == "userns"))
        #expect((container["securityContext"]?["privileged"]?.bool == true) == !isRootless)
        #expect((container["securityContext"]?["runAsUser"]?.int == 1000) == isRootless)
        #expect((container["securityContext"]?["seccompProfile"] != nil) == isRootless)
        #expect((pod["securityContext"]?["fsGroup"]?.int == 1000) == isRootless)
        // newuidmap requires it.
        #expect(container["securityContext"]?["allowPrivilegeEscalation"] == nil)
        let toml = try #require(
            manifest.object("ConfigMap/buildkit-builder").text("/data/buildkitd.toml"))
        #expect(toml.contains("noProcessSandbox = true") == isRootless)
        #expect(manifest.notes.contains("Security: \(profile)."))
    }

    @Test func nothingCouldKillABuild() async throws {
        let builder = try await Chart.render().object("Deployment/buildkit-builder")
        #expect(builder["/spec/strategy/type"] == "Recreate")
        #expect(builder["/spec/template/spec/containers/0/livenessProbe"] == nil)
        #expect(
            builder["/spec/template/spec/containers/0/lifecycle/preStop/exec/command"] == [
                "sh", "/etc/buildkit/drain.sh",
            ])
        // The replicas are left to the autoscaler that lets it sleep.
        #expect(builder["/spec/replicas"] == nil)
    }

    @Test func onlyWhatIsReadOnceRestartsAPod() async throws {
        let releases = [
            Release(),
            // Envoy reloads these at run time, including roles.
            Release(set: ["proxy.clients": "[{name: alice, role: builder}]"]),
            Release(set: ["proxy.clients": "[{name: alice, role: admin}, {name: bob, role: builder}]"]),
            Release(set: ["proxy.hold": "1h"]),
            Release(set: ["builder.mirrors": "{docker.io: [mirror.gcr.io]}"]),
        ]
        let manifests = try await Chart.render(releases)
        let pods = try manifests.map { manifest in
            try manifest.pods.map { try Yams.serialize(node: $0.spec) }
                + ["builder", "proxy"].map {
                    try Yams.serialize(
                        node: #require(
                            manifest.object("Deployment/buildkit-\($0)")["/spec/template/metadata"]))
                }
        }
        #expect(pods[0] == pods[1] && pods[1] == pods[2])
        #expect(pods[0][3] != pods[3][3] && pods[0][2] == pods[3][2])
        #expect(pods[0][2] != pods[4][2] && pods[0][3] == pods[4][3])
    }

    @Test func onlyTheProxyReachesTheBuilder() async throws {
        let policy = try await Chart.render().object("NetworkPolicy/buildkit-builder")
        #expect(policy["/spec/ingress"]?.sequence?.count == 1)
        #expect(
            policy["/spec/ingress/0/from"] == [
                [
                    "podSelector": [
                        "matchLabels": [
                            "app.kubernetes.io/name": "buildkit", "app.kubernetes.io/instance": "buildkit",
                            "app.kubernetes.io/component": "proxy",
                        ]
                    ]
                ]
            ])
    }

    @Test func eachEndingOfTheNotesIsThere() async throws {
        let notes = try await Chart.render([
            Release(set: ["builder.clientCertificates": "false"]),
            Release(set: ["proxy.service.type": "NodePort", "proxy.service.nodePort": "31234"]),
            Release(set: ["proxy.service.type": "LoadBalancer"]),
            Release(set: ["proxy.clients": "[{name: alice, role: admin}, {name: bob, role: builder}]"]),
        ]).map(\.notes)
        #expect(notes[0].contains("every RUN step can control BuildKit"))
        #expect(notes[1].contains("tcp://<node>:31234"))
        #expect(notes[2].contains("tcp://<address>:1234"))
        #expect(notes[3].contains("Clients: alice (admin), bob (builder). All other clients are rejected."))
    }
}
