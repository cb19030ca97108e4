import FoundationEssentials
import LabSupport
import Testing

struct ControlPlaneTests {
    @Test func aNamespaceIsCreatedAndForbiddenToStrangers() async throws {
        try await ControlPlane.withNamespace { namespace in
            let kubectl = namespace.kubectl
            #expect(
                try await kubectl.require("get", "namespace", namespace.name, "-o", "name")
                    == "namespace/\(namespace.name)\n")
            let stranger = try await kubectl.run("get", "secrets", "-n", namespace.name, "--as", "stranger")
            #expect(stranger.status == 1)
            #expect(stranger.errors.contains("secrets is forbidden: User \"stranger\" cannot list resource"))
        }
    }

    @Test func helmInstallsAChartAndWaitsUntilItIsReady() async throws {
        try await withTemporaryFolder { folder in
            try writeToyChart(to: folder)
            try await ControlPlane.withNamespace { namespace in
                let (helm, kubectl) = (namespace.helm, namespace.kubectl)
                try await helm.require(
                    "upgrade", "--install", "toy", folder, "-n", namespace.name, "--wait", "-f", "-",
                    input: #"{"image": "example/app"}"#)
                #expect(
                    try await kubectl.require(
                        "get", "deployment", "toy", "-n", namespace.name, "-o",
                        "jsonpath={.status.readyReplicas}")
                        == "2")
                #expect(
                    try await kubectl.require(
                        "get", "service", "toy", "-n", namespace.name,
                        "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}") == "127.0.0.1")
            }
        }
    }

    @Test func anImageThatIsUnreadyNeverGetsReady() async throws {
        try await withTemporaryFolder { folder in
            try writeToyChart(to: folder)
            try await ControlPlane.withNamespace { namespace in
                let outcome = try await namespace.helm.run(
                    "upgrade", "--install", "toy", folder, "-n", namespace.name, "--wait", "--timeout", "1s",
                    "-f", "-", input: #"{"image": "example/unready"}"#)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("Deployment/\(namespace.name)/toy not ready"))
                try await eventually("the pods say why") {
                    try await namespace.kubectl.require("get", "pods", "-n", namespace.name)
                        .contains("ImagePullBackOff")
                }
            }
        }
    }

    private func writeToyChart(to folder: String) throws {
        let files = [
            "Chart.yaml": "{apiVersion: v2, name: toy, version: 0.1.0}",
            "templates/toy.yaml": """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: toy}
            spec:
              replicas: 2
              selector: {matchLabels: {app: toy}}
              template:
                metadata: {labels: {app: toy}}
                spec: {containers: [{name: app, image: "{{ .Values.image }}"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: toy}
            spec: {type: LoadBalancer, selector: {app: toy}, ports: [{port: 1234}]}
            """,
        ]
        try FileManager.default.createDirectory(
            atPath: "\(folder)/templates", withIntermediateDirectories: false)
        for (path, text) in files {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(path)"))
        }
    }
}
