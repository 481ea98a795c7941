// Package server is the local credential endpoint: it answers the requests with
// which AWS SDKs refresh container credentials and, where asked for, instance
// metadata, with sessions that it renews before they end
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
package server
