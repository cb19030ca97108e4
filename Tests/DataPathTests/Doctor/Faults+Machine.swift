import FoundationEssentials
import LabSupport

extension Fault {
    static let machine: [Fault] = [
        Fault("no docker", broken: ["plugin"], says: "docker") { patient in
            let programs = "\(patient.folder)/bin"
            try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
            try LabPart.link([.kubectl, .helm], into: programs)
            for name in ["dirname", "readlink"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(programs)/\(name)", withDestinationPath: "/usr/bin/\(name)")
            }
            patient.installer.environment["PATH"] = programs
        },
        Fault("no plugin", broken: ["plugin"], says: "no buildx plugin") { patient in
            try Data("{}".utf8).write(to: URL(filePath: "\(patient.dockerFolder)/config.json"))
        },
        Fault("no builder", broken: ["builder"], says: "is not registered with docker buildx") { patient in
            try patient.removeBuilder()
        },
        Fault(
            "a builder without a client certificate", broken: ["builder"],
            says: "registered without a client certificate"
        ) { patient in
            try patient.changeBuilder { $0.replacing(#""cert":"#, with: #""was":"#) }
        },
        Fault("a builder of another driver", broken: ["builder"], says: "docker-container") { patient in
            try patient.changeBuilder { $0.replacing(#""remote""#, with: #""docker-container""#) }
        },
        Fault("a default configuration", broken: ["default-toml"], says: "buildkitd.default.toml") {
            patient in
            try Data().write(to: URL(filePath: "\(patient.dockerFolder)/buildx/buildkitd.default.toml"))
        },
        Fault(
            "a docker context in place of the builder", broken: ["context-clash"],
            says: "a Docker context is also named remote-kubernetes"
        ) { patient in
            try patient.removeBuilder()
            try await patient.docker.require(
                "context", "create", "remote-kubernetes", "--docker", "host=tcp://127.0.0.1:1")
        },
        Fault(
            "a docker context of the builder's name", doubtful: ["context-clash"],
            says: "buildx prefers the registered builder"
        ) { patient in
            try await patient.docker.require(
                "context", "create", "remote-kubernetes", "--docker", "host=tcp://127.0.0.1:1")
        },
        Fault("another current builder", doubtful: ["current"], says: "uses other") { patient in
            try await patient.docker.require(
                "buildx", "create", "--name", "other", "--driver", "remote", "--use", "tcp://127.0.0.1:1")
        },
    ]
}
